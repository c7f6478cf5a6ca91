//! Values in answers.

use crate::enums::open_enum::open_enum;
use crate::enums::requests::AggInterval;

open_enum! {
    /// The type of a CA certificate.
    CertificateRecordType {
        /// A root certificate, which is self-signed.
        Root = "ROOT_CERTIFICATE",
        /// An intermediate certificate, which another CA issued.
        Intermediate = "INTERMEDIATE_CERTIFICATE",
    }
}

open_enum! {
    /// The revocation status of a CA certificate.
    RevocationStatus {
        /// Not revoked.
        NotRevoked = "NOT_REVOKED",
        /// Revoked.
        Revoked = "REVOKED",
        /// Not revoked itself, but issued by a CA whose certificate is.
        ParentRevoked = "PARENT_CERT_REVOKED",
    }
}

open_enum! {
    /// The status of a CA certificate in a root program.
    RootStatus {
        /// Included, and so trusted.
        Included = "INCLUDED",
        /// Approved for inclusion, but not yet in the root store.
        NotYetIncluded = "NOT_YET_INCLUDED",
        /// Not included.
        NotIncluded = "NOT_INCLUDED",
        /// Trusted for certificates with a `notBefore` up to a date only.
        NotBefore = "NOT_BEFORE",
        /// Removed from the root store.
        Removed = "REMOVED",
        /// Disabled.
        Disabled = "DISABLED",
        /// Blocked.
        Blocked = "BLOCKED",
    }
}

open_enum! {
    /// The state of a log, as in the log lists of browser vendors.
    ///
    /// It decides whether clients accept the log's signed certificate timestamps (SCTs, RFC 6962, section
    /// 3.2).
    LogState {
        /// Included: clients accept its SCTs.
        Usable = "USABLE",
        /// Applied for inclusion, and not yet accepted.
        Pending = "PENDING",
        /// Accepted for inclusion, but not all clients know the log yet.
        Qualified = "QUALIFIED",
        /// Closed to submissions: clients accept the SCTs it has issued.
        ReadOnly = "READ_ONLY",
        /// Retired: clients accept its SCTs from before the date of retirement only.
        Retired = "RETIRED",
        /// Rejected: clients have never accepted its SCTs.
        Rejected = "REJECTED",
    }
}

open_enum! {
    /// `meta.aggInterval`: the aggregation interval of an answer, which the API spells differently than in a
    /// request.
    ///
    /// Older descriptions of the API show the spelling of requests (`1h`);
    /// [`interval`](ReportedInterval::interval) reads both.
    ReportedInterval {
        /// 15 minutes.
        FifteenMinutes = "FIFTEEN_MINUTES",
        /// One hour.
        OneHour = "ONE_HOUR",
        /// One day.
        OneDay = "ONE_DAY",
        /// One week.
        OneWeek = "ONE_WEEK",
        /// One month, which cannot be requested.
        OneMonth = "ONE_MONTH",
    }
}

impl ReportedInterval {
    /// The same interval as a request writes it, or `None` if it cannot be requested.
    pub fn interval(&self) -> Option<AggInterval> {
        match self {
            Self::FifteenMinutes => Some(AggInterval::FifteenMinutes),
            Self::OneHour => Some(AggInterval::OneHour),
            Self::OneDay => Some(AggInterval::OneDay),
            Self::OneWeek => Some(AggInterval::OneWeek),
            Self::OneMonth => None,
            Self::Unknown(text) => Some(AggInterval::from(text.as_ref())).filter(AggInterval::is_known),
        }
    }
}

impl From<&AggInterval> for ReportedInterval {
    fn from(interval: &AggInterval) -> Self {
        match interval {
            AggInterval::FifteenMinutes => Self::FifteenMinutes,
            AggInterval::OneHour => Self::OneHour,
            AggInterval::OneDay => Self::OneDay,
            AggInterval::OneWeek => Self::OneWeek,
            AggInterval::Unknown(text) => Self::Unknown(text.clone()),
        }
    }
}

open_enum! {
    /// `meta.normalization`: the scale of the values.
    Normalization {
        /// Percent of the total.
        Percentage = "PERCENTAGE",
        /// Divided by the maximum, so that values lie between 0 and 1.
        Min0Max = "MIN0_MAX",
        /// Scaled so that the minimum is 0 and the maximum is 1.
        MinMax = "MIN_MAX",
        /// Absolute counts.
        RawValues = "RAW_VALUES",
        /// Change in percent.
        PercentageChange = "PERCENTAGE_CHANGE",
        /// Rolling average.
        RollingAverage = "ROLLING_AVERAGE",
        /// Percent of a total whose parts overlap, so that they add up to more than 100.
        OverlappedPercentage = "OVERLAPPED_PERCENTAGE",
        /// Ratio.
        Ratio = "RATIO",
    }
}

open_enum! {
    /// `eventType` of an annotation: the type of an event that may affect the data.
    EventType {
        /// An event; older versions of the API write this.
        Event = "EVENT",
        /// A general remark.
        General = "GENERAL",
        /// An outage.
        Outage = "OUTAGE",
        /// A projection of the last points from partial data.
        PartialProjection = "PARTIAL_PROJECTION",
        /// An issue in the pipeline that collects the data.
        Pipeline = "PIPELINE",
        /// A traffic anomaly.
        TrafficAnomaly = "TRAFFIC_ANOMALY",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reported_interval_is_read_in_both_spellings() {
        assert_eq!(ReportedInterval::from("ONE_HOUR").interval(), Some(AggInterval::OneHour));
        assert_eq!(ReportedInterval::from("1h").interval(), Some(AggInterval::OneHour));
        assert_eq!(ReportedInterval::from("ONE_MONTH").interval(), None);
        assert_eq!(ReportedInterval::from("2h").interval(), None);
    }
}
