//! Requests the authorities and a week of certificates at the same time.

use radar_ct::{AuthoritiesParams, Client, DateRange, TimeseriesParams};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = Client::from_env()?;
        let other = client.clone();
        let authorities = tokio::spawn(async move { other.authorities(&AuthoritiesParams::new()).await });
        let params = TimeseriesParams::new().date_range(DateRange::LAST_7_DAYS);
        let answer = client.timeseries(&params).await?;
        let authorities = authorities.await??;
        let points = answer.series.first().map_or(0, |series| series.len());
        if points == 0 || authorities.certificate_authorities.is_empty() {
            return Err(format!(
                "{points} points, {} authorities",
                authorities.certificate_authorities.len()
            )
            .into());
        }
        println!("{points} points, {} authorities", authorities.certificate_authorities.len());
        Ok(())
    })
}
