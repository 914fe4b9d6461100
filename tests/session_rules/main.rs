//! The rules of the token session, each as the sentence it is in ARCHITECTURE.md.

#![cfg(not(target_arch = "wasm32"))]

mod rule_10_nothing_left_to_ask_for;
mod rule_11_reads_take_the_time;
mod rule_12_shared_tokens;
mod rule_13_refusals_that_repeat;
mod rule_1_life_is_counted_from_the_request;
mod rule_2_refresh_ahead_of_expiry;
mod rule_3_the_lead_window;
mod rule_4_one_mint_among_the_tabs;
mod rule_4_one_mint_in_flight;
mod rule_5_failures;
mod rule_6_refused_tokens;
mod rule_7_nobody_watching_nothing_minted;
mod rule_8_quota;
mod rule_9_on_demand;
mod world;
