//! Lines with many more points than pixels, thinned without a visible difference.

use super::canvas::Position;

/// The width of a column of pixels.
const COLUMN: f64 = 0.5;

/// Keeps four points of each column: the first and the last, which connect it to its neighbours, and the
/// lowest and the highest, which are the ends of the line there.
pub(super) fn thinned(points: Vec<Position>) -> Vec<Position> {
    let mut kept = Vec::new();
    let mut column: Vec<Position> = Vec::new();
    for point in points {
        if column.first().is_some_and(|first| point.0 - first.0 >= COLUMN) {
            keep(&column, &mut kept);
            column.clear();
        }
        column.push(point);
    }
    keep(&column, &mut kept);
    kept
}

fn keep(column: &[Position], kept: &mut Vec<Position>) {
    let by_height = |one: &&Position, other: &&Position| one.1.total_cmp(&other.1);
    let lowest = column.iter().min_by(by_height);
    let highest = column.iter().max_by(by_height);
    if column.len() <= 4 {
        kept.extend_from_slice(column);
    } else {
        kept.extend([column.first(), lowest, highest, column.last()].into_iter().flatten());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_extremes_and_ends() {
        let few: Vec<Position> = (0..100).map(|x| (f64::from(x), f64::from(x % 7))).collect();
        assert_eq!(thinned(few.clone()), few);
        let mut many: Vec<Position> = (0..100_000).map(|x| (f64::from(x) / 1000.0, 50.0)).collect();
        many[70_123].1 = 99.0;
        many[70_124].1 = 1.0;
        let thin = thinned(many.clone());
        assert!(thin.len() <= 4 * 201, "{}", thin.len());
        assert!(thin.contains(&many[70_123]) && thin.contains(&many[70_124]));
        assert_eq!((thin.first(), thin.last()), (many.first(), many.last()));
    }
}
