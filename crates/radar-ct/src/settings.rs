//! The settings of a client, which apply to all of its calls.

use std::time::Duration;

use crate::base_url::BaseUrl;
use crate::budget::RateBudget;
use crate::credentials::Credentials;
use crate::observe::Observers;
use crate::retry::RetryPolicy;

/// The settings of a client, which apply to all of its calls.
///
/// ```
/// use std::time::Duration;
/// use radar_ct::{Credentials, operation::Settings};
/// let settings = Settings::new(Credentials::token("token")?);
/// assert_eq!(settings.timeout, Duration::from_secs(60));
/// assert_eq!(settings.attempt_timeout, Duration::from_secs(30));
/// # Ok::<(), radar_ct::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The base URL of the API.
    pub base_url: BaseUrl,
    /// The credentials.
    pub credentials: Credentials,
    /// The retry policy.
    pub retry: RetryPolicy,
    /// The timeout of a whole call, attempts and waits included. It sets the deadline when the first attempt
    /// begins.
    pub timeout: Duration,
    /// The timeout of one attempt, which is never longer than the time until the deadline.
    pub attempt_timeout: Duration,
    /// The client-side rate limit. None by default.
    pub budget: Option<RateBudget>,
    pub(crate) observers: Observers,
}

impl Settings {
    /// Creates the default settings with these credentials.
    pub fn new(credentials: Credentials) -> Self {
        Self {
            base_url: BaseUrl::default(),
            credentials,
            retry: RetryPolicy::default(),
            timeout: Duration::from_secs(60),
            attempt_timeout: Duration::from_secs(30),
            budget: None,
            observers: Observers::default(),
        }
    }
}
