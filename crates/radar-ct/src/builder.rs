//! The builder of both clients.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use radar_ct_transport::TransportConfig;

use crate::base_url::BaseUrl;
use crate::budget::RateBudget;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::observe::Observer;
use crate::retry::RetryPolicy;
use crate::settings::Settings;

/// The builder of a client `C`, from [`Client::builder`](crate::Client::builder) or
/// [`blocking::Client::builder`](crate::blocking::Client::builder).
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until a client is built"]
pub struct ClientBuilder<C> {
    settings: Settings,
    pub(crate) transport: TransportConfig,
    client: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            settings: Settings::new(credentials),
            transport: TransportConfig::default(),
            client: PhantomData,
        }
    }

    pub(crate) fn from_env() -> Result<Self, Error> {
        Ok(Self::new(Credentials::from_env()?).base_url(BaseUrl::from_env()?))
    }

    /// Sets the base URL of the API.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.settings.base_url = base_url;
        self
    }

    /// Sets the timeout of a whole call, attempts and waits included. It determines the deadline of the call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets the timeout of one attempt, which is never longer than the time until the deadline of the call.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.attempt_timeout = timeout;
        self
    }

    /// Sets the retry policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Sets the client-side rate limit. Without one, calls do not wait for each other.
    pub fn budget(mut self, budget: RateBudget) -> Self {
        self.settings.budget = Some(budget);
        self
    }

    /// Adds an observer of all calls.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.settings.observers.add(observer);
        self
    }

    /// Sets the configuration of the built-in transport. `with_transport` ignores it.
    pub fn transport(mut self, config: TransportConfig) -> Self {
        self.transport = config;
        self
    }

    pub(crate) fn into_settings(self) -> Arc<Settings> {
        Arc::new(self.settings)
    }
}
