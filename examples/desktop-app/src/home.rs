//! What the app keeps on this computer: who the computer is, and what it has offline.

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client::{Device, DeviceKey, OfflineFiles, Start};
use entitlement::{Label, Name, ProductId};

/// What can go wrong on a disk.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// A folder of the app's own.
pub struct Home(PathBuf);

const DEVICE_ID: &str = "device-id";
const DEVICE_KEY: &str = "device-key.pem";
const START: &str = "start";
const CHECKOUT: &str = "checkout";
const LEASE: &str = "lease.json";
const LICENSE: &str = "license.json";
const TRUST: &str = "trust.json";
const RETURN_CODE: &str = "return-code";

impl Home {
    /// The folder, made where it is not there.
    pub fn at(folder: &Path) -> Outcome<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self(folder.to_owned()))
    }

    /// This computer: its id and its key are made once and stay.
    pub fn device(&self, name: &str) -> Outcome<Device> {
        let id = match self.read(DEVICE_ID)? {
            Some(id) => id,
            None => {
                let mut bytes = [0; 12];
                getrandom::fill(&mut bytes)?;
                let id = format!("pc-{}", URL_SAFE_NO_PAD.encode(bytes));
                self.write(DEVICE_ID, &id)?;
                id
            }
        };
        let key = match self.read(DEVICE_KEY)? {
            Some(pem) => DeviceKey::from_pem(&pem)?,
            None => {
                let key = DeviceKey::generate()?;
                self.write(DEVICE_KEY, &key.to_pem()?)?;
                key
            }
        };
        Ok(Device::new(Label::parse(&id)?, Name::parse(name)?, key))
    }

    /// The wish to start that was sent last and never taken back: a program that broke off sends it again and gets the
    /// grant that it got then. Without one, a new wish, written down before anybody sends it.
    pub fn start(&self, product: &ProductId) -> Outcome<Start> {
        if let Some(request) = self.read(START)? {
            return Ok(Start::again(product.clone(), &request));
        }
        let start = Start::new(product.clone())?;
        self.write(START, start.request_id())?;
        Ok(start)
    }

    /// The wish is over: the next start is another one.
    pub fn forget_start(&self) -> Outcome<()> {
        self.remove(START)
    }

    /// The checkout that the portal has not heard of as home, whether there still is a lease of it or not.
    pub fn checkout(&self) -> Outcome<Option<String>> {
        self.read(CHECKOUT)
    }

    /// The lease with what vouches for it, where the product is offline here.
    pub fn offline(&self) -> Outcome<Option<OfflineFiles>> {
        let parts = (self.read(TRUST)?, self.read(LICENSE)?, self.read(LEASE)?);
        let (Some(trust), Some(license), Some(lease)) = parts else { return Ok(None) };
        Ok(Some(OfflineFiles { trust, license, lease }))
    }

    /// Keeps a lease with what vouches for it; the lease comes last, so that half of it is nothing.
    pub fn keep_offline(&self, checkout: &str, files: &OfflineFiles) -> Outcome<()> {
        self.remove(RETURN_CODE)?;
        self.write(CHECKOUT, checkout)?;
        self.write(TRUST, &files.trust)?;
        self.write(LICENSE, &files.license)?;
        self.write(LEASE, &files.lease)
    }

    /// Gives the lease up: from here on the computer has none, whatever becomes of the rest. The checkout is remembered
    /// until the portal has heard of it.
    pub fn give_up_lease(&self) -> Outcome<()> {
        [LEASE, LICENSE, TRUST].into_iter().try_for_each(|name| self.remove(name))
    }

    /// The portal has the checkout back.
    pub fn forget_checkout(&self) -> Outcome<()> {
        [CHECKOUT, RETURN_CODE].into_iter().try_for_each(|name| self.remove(name))
    }

    /// The return code that was made when the lease was given up.
    pub fn return_code(&self) -> Outcome<Option<String>> {
        self.read(RETURN_CODE)
    }

    /// Keeps a return code before the lease goes: one without the other would be lost.
    pub fn keep_return_code(&self, code: &str) -> Outcome<()> {
        self.write(RETURN_CODE, code)
    }

    fn read(&self, name: &str) -> Outcome<Option<String>> {
        match fs::read_to_string(self.0.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("`{name}`: {error}").into()),
        }
    }

    /// Writes a file whole: under another name first, for the user alone.
    fn write(&self, name: &str, text: &str) -> Outcome<()> {
        let (beside, path) = (self.0.join(format!("{name}.new")), self.0.join(name));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(fs::rename(beside, path)?)
    }

    fn remove(&self, name: &str) -> Outcome<()> {
        match fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
