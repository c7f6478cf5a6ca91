//! Requests a week of certificates.

use radar_ct::{DateRange, TimeseriesParams, blocking::Client};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let params = TimeseriesParams::new().date_range(DateRange::LAST_7_DAYS).ca_owner("DigiCert");
    let answer = Client::from_env()?.timeseries(&params)?;
    let series = answer.series.first().ok_or("no series")?;
    let total: f64 = series.points().filter_map(|(_, value)| value).sum();
    if series.is_empty() || total <= 0.0 {
        return Err(format!("{} points with {total} certificates", series.len()).into());
    }
    println!("{} points, {total} certificates", series.len());
    Ok(())
}
