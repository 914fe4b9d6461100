//! The log, which the host writes.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::state::host;

/// Sends events of this level and above to the host.
struct HostLog(Level);

/// Has everything logged that is as important as this; nothing, where there is no level.
pub(super) fn install(level: Option<Level>) {
    if let Some(level) = level {
        // There is one mock in an instance, and so one log.
        let _ = tracing::subscriber::set_global_default(HostLog(level));
    }
}

impl Subscriber for HostLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= &self.0
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        // Nothing here opens one.
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        host::log(event.metadata().level().as_str(), &line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// An event as text: the message, and its fields behind it.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0.insert_str(0, &format!("{value:?}"));
        } else {
            // A text takes whatever is written to it.
            let _ = write!(self.0, " {}={value:?}", field.name());
        }
    }
}
