//! How a client is made, the same for both.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use radar_ct_transport::TransportConfig;

use crate::base_url::BaseUrl;
use crate::budget::RateBudget;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::observe::Observer;
use crate::operation::Settings;
use crate::retry::RetryPolicy;

/// Makes a client `C`: [`Client::builder`](crate::Client::builder) or
/// [`blocking::Client::builder`](crate::blocking::Client::builder).
#[derive(Debug, Clone)]
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

    /// Where the API is.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.settings.base_url = base_url;
        self
    }

    /// The time for a whole call, attempts and waits included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// The time for one attempt. It is never more than is left of the call's.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.attempt_timeout = timeout;
        self
    }

    /// When a call is tried again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// The budget of requests that its calls take their turns from; without one they do not wait for each other.
    pub fn budget(mut self, budget: RateBudget) -> Self {
        self.settings.budget = Some(budget);
        self
    }

    /// Who is told what its calls do; may be given more than once.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.settings.observers.add(observer);
        self
    }

    /// What the built-in transport is made from. A transport of one's own has its own ways.
    pub fn transport(mut self, config: TransportConfig) -> Self {
        self.transport = config;
        self
    }

    pub(crate) fn into_settings(self) -> Arc<Settings> {
        Arc::new(self.settings)
    }
}
