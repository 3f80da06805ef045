//! Section 5 of the method: women and men.

use malmarknad::figures::Persons;
use malmarknad::gender::{class, recruits_to, share_after};
use malmarknad::supply::borrowed_share_women;
use proptest::prelude::*;

const BOUNDS: [f64; 4] = [0.2, 0.4, 0.6, 0.8];

#[test]
fn a_class_includes_its_lower_bound() {
    assert_eq!(class(0.199, &BOUNDS), "<20");
    assert_eq!(class(0.2, &BOUNDS), "20-40");
    assert_eq!(class(0.4, &BOUNDS), "40-60");
    assert_eq!(class(0.6, &BOUNDS), "60-80");
    assert_eq!(class(0.8, &BOUNDS), ">80");
}

#[test]
fn recruits_bring_the_smaller_sex_just_to_the_level() {
    // 10 women, 90 men, a pool of 70 % women: (10 + 0.7 n)/(100 + n) = 0.4 at n = 100.
    let now = Persons { women: 10, men: 90 };
    let recruits = recruits_to(now, 0.7, 0.4);
    assert_eq!((recruits.needed, recruits.reachable), (Some(100), true));
    assert!((share_after(now, 0.7, 100.0).unwrap() - 0.4).abs() < 1e-12);
}

#[test]
fn a_pool_no_more_balanced_than_the_level_never_gets_there() {
    let recruits = recruits_to(Persons { women: 1, men: 99 }, 0.4, 0.4);
    assert_eq!((recruits.needed, recruits.reachable), (None, false));
}

#[test]
fn more_recruits_than_employed_is_out_of_reach() {
    let recruits = recruits_to(Persons { women: 0, men: 100 }, 0.5, 0.4);
    assert_eq!((recruits.needed, recruits.reachable), (Some(400), false));
}

#[test]
fn a_borrowed_share_equals_swedens_where_the_major_groups_do() {
    assert!((borrowed_share_women(0.9, 0.7, 0.7).unwrap() - 0.9).abs() < 1e-12);
    assert_eq!(borrowed_share_women(1.0, 0.3, 0.7), Some(1.0));
}

proptest! {
    #[test]
    fn the_smaller_sex_reaches_the_level_with_the_recruits_counted_and_not_with_one_fewer(women in 0_i64..500, men in 0_i64..500, share in 0.0_f64..1.0) {
        prop_assume!(women + men >= 10);
        let now = Persons { women, men };
        if let Some(needed) = recruits_to(now, share, 0.4).needed {
            let smaller = |n: i64| {
                let women_after = share_after(now, share, n as f64).unwrap();
                if women <= men { women_after } else { 1.0 - women_after }
            };
            prop_assert!(smaller(needed) >= 0.4 - 1e-9);
            prop_assert!(needed == 0 || smaller(needed - 1) < 0.4 + 1e-9);
        }
    }

    #[test]
    fn a_borrowed_share_is_a_share(sweden in 0.0_f64..=1.0, abroad in 0.001_f64..0.999, major in 0.001_f64..0.999) {
        let share = borrowed_share_women(sweden, abroad, major).unwrap();
        prop_assert!((0.0..=1.0).contains(&share));
    }
}
