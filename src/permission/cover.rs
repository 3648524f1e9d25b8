//! The permissions that cover several calls together, and those that a set of calls does not need.

use super::answer::{Answer, Match};
use super::verdict::{Held, bare};
use super::{Catalogue, Scheme};
use crate::catalog;
use crate::scenario::Call;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How much is searched before the greedy solution is taken: partial solutions, times the calls to look at in each.
/// Twenty ordinary calls need a hundredth of it.
const MAX_WORK: usize = 2_000_000;

/// The permissions that cover several calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover<'c> {
    /// Their names, in alphabetical order.
    pub permissions: Vec<&'c str>,
    /// No other set has less power. False where so many combinations are possible that the best one was not searched for
    /// to the end; the set covers the calls all the same.
    pub minimal: bool,
    /// The calls (by their place) that no permission of this kind opens, or that are unknown.
    pub uncovered: Vec<usize>,
}

/// What a set of calls does not need of what is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess<'h, 'c> {
    /// Held, and without any use for the calls that are granted. Never among them: scopes of the sign-in (`openid` …),
    /// permissions for what others shared (`….Shared`) and permissions that the table has no call for, since their use
    /// cannot be judged.
    pub unused: Vec<&'h str>,
    /// Used, but stronger than needed: all of the calls that are granted could be made with [`enough`](Self::enough).
    pub stronger: Vec<&'h str>,
    /// What would do with the least power.
    pub enough: Vec<&'c str>,
}

/// One way to make a call: one permission or a pair.
type Choice = Vec<usize>;

impl Catalogue {
    /// The permissions with the least power that cover all the calls of one scheme.
    ///
    /// The power of a permission is the number of calls that it opens in that scheme, counted four times for each
    /// privilege level above the first (3 where none is given), and more than that of the least one of a call that it is
    /// not the least of; the power of a set is the sum. So one permission that two calls share beats two, unless it opens
    /// far more than both. Solved exactly for a usual number of calls, see
    /// [`Cover::minimal`]. Permissions that the service does not publish, and resource-specific ones, are only taken
    /// where a call has no other.
    pub fn cover(&self, calls: &[Call], scheme: Scheme) -> Cover<'_> {
        let answers: Vec<Answer<'_>> = calls.iter().map(|call| self.answer(call)).collect();
        let mut problem = Problem::new(self, scheme);
        let mut uncovered = Vec::new();
        for (place, answer) in answers.iter().enumerate() {
            if answer.remark() == Some(super::Remark::Batch) {
                continue;
            }
            if !problem.add(answer, |_| true) {
                uncovered.push(place);
            }
        }
        let (chosen, minimal) = problem.solve();
        Cover { permissions: problem.names(&chosen), minimal, uncovered }
    }

    /// What is held and not needed for the calls. Only calls that are granted count: a permission that is missing is no
    /// reason to keep another one. With no call that is granted, nothing is said.
    pub fn excess<'h>(&self, held: &Held<'h>, calls: &[Call]) -> Excess<'h, '_> {
        let scheme = held.scheme();
        let mut own = Problem::new(self, scheme);
        let mut best = Problem::new(self, scheme);
        for call in calls {
            let answer = self.answer(call);
            if own.add(&answer, |permission| held.has(permission)) {
                best.add(&answer, |_| true);
            }
        }
        if own.calls.is_empty() {
            return Excess { unused: Vec::new(), stronger: Vec::new(), enough: Vec::new() };
        }
        let used = own.names(&own.solve().0);
        let enough = best.names(&best.solve().0);
        let names: Vec<&'h str> = match held {
            Held::Delegated(names) | Held::DelegatedPersonal(names) | Held::Application(names) => names.clone(),
        };
        let is_in = |list: &[&str], name: &str| list.iter().any(|own| own.eq_ignore_ascii_case(bare(name)));
        let is_used = |name: &&'h str| is_in(&used, name);
        Excess {
            unused: names.iter().filter(|name| !is_used(name) && self.is_judged(name, scheme)).copied().collect(),
            stronger: names.iter().filter(|name| is_used(name) && !is_in(&enough, name)).copied().collect(),
            enough,
        }
    }

    /// True of a permission whose use the table can tell.
    fn is_judged(&self, name: &str, scheme: Scheme) -> bool {
        let name = bare(name).to_ascii_lowercase();
        let table = self.table();
        let Some(number) = self.permissions.number(&name).filter(|_| !name.ends_with(".shared")) else { return false };
        let opens = |list: usize| table.claims_of_list(list).any(|claim| claim.permission == number);
        let opening: Vec<bool> = (0..table.list_count()).map(opens).collect();
        (0..table.call_count()).any(|call| opening.get(table.list(call, scheme.index())) == Some(&true))
    }
}

/// Choose at least one choice of each call, so that the permissions of all chosen ones have the least power.
struct Problem<'c> {
    catalogue: &'c Catalogue,
    scheme: Scheme,
    /// The choices of each call; calls with the same choices are one.
    calls: BTreeSet<Vec<Choice>>,
    numbers: HashMap<String, usize>,
}

impl<'c> Problem<'c> {
    fn new(catalogue: &'c Catalogue, scheme: Scheme) -> Self {
        Self { catalogue, scheme, calls: BTreeSet::new(), numbers: HashMap::new() }
    }

    /// Adds a call with those of its permissions that are allowed. False if there are none.
    fn add(&mut self, answer: &Answer<'c>, allowed: impl Fn(&str) -> bool) -> bool {
        if matches!(answer.matched, Match::None(_)) {
            return false;
        }
        let claims: Vec<_> = answer.claims(self.scheme).collect();
        let mut choices: Vec<Choice> = Vec::new();
        for only_granted in [true, false] {
            if !choices.is_empty() {
                break;
            }
            for claim in &claims {
                if !allowed(claim.permission) || only_granted && (!claim.published || claim.resource_specific) {
                    continue;
                }
                let first = self.number(claim.permission);
                if claim.also_requires.is_empty() {
                    choices.push(vec![first]);
                }
                for also in claim.also_requires.iter().filter(|also| allowed(also)) {
                    let pair = [first, self.number(also)];
                    choices.push(BTreeSet::from(pair).into_iter().collect());
                }
            }
        }
        if choices.is_empty() {
            return false;
        }
        self.calls.insert(choices);
        true
    }

    /// The number of a permission in the catalogue.
    fn number(&mut self, name: &str) -> usize {
        let position = || self.catalogue.permissions.number(name);
        *self.numbers.entry(name.to_owned()).or_insert_with(|| position().unwrap_or(usize::MAX))
    }

    fn names(&self, chosen: &BTreeSet<usize>) -> Vec<&'c str> {
        let mut names: Vec<&str> = chosen.iter().map(|permission| self.catalogue.name(*permission)).collect();
        names.sort_unstable();
        names
    }

    /// The power of each permission that occurs.
    fn power(&self) -> BTreeMap<usize, u64> {
        let mut power: BTreeMap<usize, u64> =
            self.calls.iter().flatten().flatten().map(|number| (*number, 0)).collect();
        let table = self.catalogue.table();
        let mut uses = vec![0_u64; table.list_count()];
        for call in 0..table.call_count() {
            if let Some(own) = uses.get_mut(table.list(call, self.scheme.index())) {
                *own = own.saturating_add(1);
            }
        }
        for (list, uses) in uses.into_iter().enumerate() {
            for claim in table.claims_of_list(list) {
                if let Some(count) = power.get_mut(&claim.permission) {
                    *count = count.saturating_add(uses);
                }
            }
        }
        for (permission, count) in &mut power {
            let known = catalog::permission(self.catalogue.name(*permission));
            let level = known.and_then(|known| match self.scheme {
                Scheme::Application => known.application_level,
                Scheme::DelegatedWork | Scheme::DelegatedPersonal => known.delegated_level,
            });
            let above = u32::from(level.unwrap_or(3).saturating_sub(1)).min(4);
            *count = count.saturating_add(1).saturating_mul(4_u64.saturating_pow(above));
        }
        // Which one is the least of a call is said by the table, so the others have more power than it. Twice, since what
        // is raised for one call can be the least of another.
        for call in self.calls.iter().chain(&self.calls) {
            let sum = |choice: &Choice| choice.iter().filter_map(|own| power.get(own)).sum::<u64>();
            let Some(least) = call.first().map(sum) else { continue };
            for choice in call.iter().skip(1) {
                let lacking =
                    least.saturating_add(1).saturating_sub(choice.iter().filter_map(|own| power.get(own)).sum());
                if let Some(own) = choice.iter().find(|own| !call.first().is_some_and(|first| first.contains(own)))
                    && let Some(power) = power.get_mut(own)
                {
                    *power = power.saturating_add(lacking);
                }
            }
        }
        power
    }

    /// The best set that is found, and whether none can be better.
    fn solve(&self) -> (BTreeSet<usize>, bool) {
        let power = self.power();
        let cost = |chosen: &BTreeSet<usize>, choice: &Choice| -> u64 {
            let new = choice.iter().filter(|permission| !chosen.contains(permission));
            new.filter_map(|permission| power.get(permission)).fold(0, |sum, own| u64::saturating_add(sum, *own))
        };
        let total = |chosen: &BTreeSet<usize>| {
            chosen
                .iter()
                .filter_map(|permission| power.get(permission))
                .fold(0, |sum, own| u64::saturating_add(sum, *own))
        };
        let fits = |chosen: &BTreeSet<usize>, choice: &Choice| choice.iter().all(|own| chosen.contains(own));
        let covered = |chosen: &BTreeSet<usize>, call: &Vec<Choice>| call.iter().any(|choice| fits(chosen, choice));
        let calls: Vec<&Vec<Choice>> = self.calls.iter().collect();

        // Greedy: what makes most calls possible for its power, again and again.
        let mut greedy = BTreeSet::new();
        loop {
            let mut gains: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
            for call in calls.iter().filter(|call| !covered(&greedy, call)) {
                let missing = |choice: &Choice| choice.iter().copied().filter(|own| !greedy.contains(own)).collect();
                for lacking in call.iter().map(missing).collect::<BTreeSet<Vec<usize>>>() {
                    let gain = gains.entry(lacking).or_default();
                    *gain = gain.saturating_add(1);
                }
            }
            // The lowest power for a call: power / gain, compared without division.
            let best =
                gains.iter().map(|(lacking, gain)| (cost(&greedy, lacking), gain, lacking)).reduce(|one, two| {
                    if two.0.saturating_mul(*one.1) < one.0.saturating_mul(*two.1) { two } else { one }
                });
            match best {
                Some((_, _, lacking)) => greedy.extend(lacking.clone()),
                None => break,
            }
        }

        // Exact: every choice of the open call with the fewest choices, cheapest first, as long as it can still be better.
        let mut best = (total(&greedy), greedy);
        let mut open = vec![BTreeSet::new()];
        let mut work = 0_usize;
        while let Some(chosen) = open.pop() {
            work = work.saturating_add(calls.len());
            if work > MAX_WORK {
                return (best.1, false);
            }
            let so_far = total(&chosen);
            if so_far >= best.0 {
                continue;
            }
            let next = calls.iter().filter(|call| !covered(&chosen, call)).min_by_key(|call| call.len());
            let Some(call) = next else {
                best = (so_far, chosen);
                continue;
            };
            let mut choices: Vec<(u64, &Choice)> = call.iter().map(|choice| (cost(&chosen, choice), choice)).collect();
            choices.sort_by(|one, two| two.cmp(one));
            for (price, choice) in choices {
                if so_far.saturating_add(price) < best.0 {
                    let mut with = chosen.clone();
                    with.extend(choice.iter().copied());
                    open.push(with);
                }
            }
        }
        (best.1, true)
    }
}
