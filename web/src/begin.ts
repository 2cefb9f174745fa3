import "./style/base.css";
import "./style/hands.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { live } from "./live/record.svelte";
import { register } from "./live/update.svelte";

const LONGEST = 10_000; // milliseconds

const place = document.getElementById("app");
if (place !== null) mount(App, { target: place });

// The worker fetches every screen. On a slow network it would be in the way of what is due, so it waits until that is there.
void Promise.race([live.first, new Promise((then) => setTimeout(then, LONGEST))]).then(register);
