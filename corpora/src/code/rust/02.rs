use std::cmp::Ordering;

/// Finds the leftmost occurrence of `target` in a sorted slice.
///
/// Returns `Ok(index)` for a match, and `Err(insert_at)` if there is none –
/// the same convention as `slice::binary_search`, but stable for duplicates.
pub fn search_first<T, Q>(items: &[T], target: &Q) -> Result<usize, usize>
where
    T: PartialOrd<Q>,
    Q: ?Sized,
{
    let (mut lo, mut hi) = (0, items.len());
    while lo < hi {
        let mid = lo + (hi - lo) / 2;
        match items[mid].partial_cmp(target) {
            Some(Ordering::Less) => lo = mid + 1,
            Some(_) => hi = mid,
            None => panic!("values cannot be compared (NaN?)"),
        }
    }
    match items.get(lo) {
        Some(item) if item == target => Ok(lo),
        _ => Err(lo),
    }
}

fn main() {
    assert_eq!(search_first(&[] as &[i32], &1), Err(0));
    assert_eq!(search_first(&[5], &5), Ok(0));
    assert_eq!(search_first(&[1, 3, 3, 3, 8], &3), Ok(1));
    assert_eq!(search_first(&[1, 3, 8], &i32::MAX), Err(3));

    let words = [String::from("mañana"), String::from("noche"), String::from("tarde")];
    match search_first(&words, &"noche".to_string()) {
        Ok(i) => println!("found “{}” at {i}", words[i]),
        Err(i) => println!("would go to position {i}"),
    }
}
