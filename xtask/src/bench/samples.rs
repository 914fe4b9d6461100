//! One quantity, measured several times.

use anyhow::{Result, ensure};

/// At least one measurement, in ascending order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// An error where there is none, or one is no finite number.
    pub(crate) fn new(of: &str, mut values: Vec<f64>) -> Result<Self> {
        ensure!(!values.is_empty(), "{of} was never measured");
        ensure!(values.iter().all(|value| value.is_finite()), "{of} was measured as {values:?}");
        values.sort_by(f64::total_cmp);
        Ok(Self(values))
    }

    pub(crate) fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        if self.0.len().is_multiple_of(2) { f64::midpoint(self.0[middle - 1], self.0[middle]) } else { self.0[middle] }
    }

    /// The two ends of the middle half.
    pub(crate) fn quartiles(&self) -> [f64; 2] {
        let outside = self.0.len() / 4;
        [self.0[outside], self.0[self.0.len() - 1 - outside]]
    }

    /// The largest.
    pub(crate) fn most(&self) -> f64 {
        self.0[self.0.len() - 1]
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the values are exact")]
mod tests {
    use super::*;

    #[test]
    fn median_and_quartiles() {
        let samples = |values: &[f64]| Samples::new("it", values.to_vec()).unwrap();
        assert_eq!(samples(&[3.0, 1.0, 2.0]).median(), 2.0);
        assert_eq!(samples(&[4.0, 1.0, 3.0, 2.0]).median(), 2.5);
        assert_eq!(samples(&[8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).quartiles(), [3.0, 6.0]);
        assert_eq!(samples(&[7.0]).quartiles(), [7.0, 7.0]);
        assert_eq!(Samples::new("it", vec![]).unwrap_err().to_string(), "it was never measured");
        assert!(Samples::new("it", vec![f64::NAN]).is_err());
    }
}
