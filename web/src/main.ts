import "./style/base.css";
import "./style/hands.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { register } from "./live/update.svelte";

const place = document.getElementById("app");
if (place !== null) mount(App, { target: place });
void register();
