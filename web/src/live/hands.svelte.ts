// For hands that shake or are slow: a second tap at once does not count, or a button is held to press it. Only fingers, pens and mice are
// looked at. Keys, switches and screen readers press at once, always.

import { looks } from "./looks.svelte";

const PRESSED = "button, a[href], summary, label, [role='button'], input[type='checkbox'], input[type='radio']";
const AT_ONCE = "[data-at-once]"; // what never waits: danger, and the way to change this
const STRAYED = 32; // CSS pixels that a finger may move while it holds

class Hands {
	/** A tap was too short to press: say how. */
	short = $state(false);

	#refusing = false;
	#last = Number.NEGATIVE_INFINITY;
	#held: { on: HTMLElement; x: number; y: number; ready: boolean; timer: ReturnType<typeof setTimeout> } | null = null;

	begin(): void {
		window.addEventListener("pointerdown", (event) => this.#down(event), true);
		window.addEventListener("pointermove", (event) => this.#moved(event), true);
		window.addEventListener("pointerup", (event) => this.#up(event), true);
		window.addEventListener("pointercancel", () => this.#stop(), true);
		window.addEventListener("click", (event) => this.#click(event), true);
		for (const name of ["contextmenu", "dragstart"]) {
			window.addEventListener(name, (event) => this.#held !== null && event.preventDefault(), true);
		}
	}

	#down(event: PointerEvent): void {
		const on = pressed(event.target);
		const { apart, hold } = looks.now;
		this.#refusing = on !== null && event.timeStamp - this.#last < apart;
		this.#stop();
		if (on === null || hold === 0 || this.#refusing || on.closest(AT_ONCE) !== null || event.button !== 0) return;
		on.dataset.held = "wait";
		const timer = setTimeout(() => {
			if (this.#held === null) return;
			this.#held.ready = true;
			on.dataset.held = "ready";
		}, hold);
		this.#held = { on, x: event.clientX, y: event.clientY, ready: false, timer };
	}

	#moved(event: PointerEvent): void {
		const held = this.#held;
		if (held !== null && Math.hypot(event.clientX - held.x, event.clientY - held.y) > STRAYED) this.#stop();
	}

	/** Pressed when it is let go after long enough. The browser sends no click of its own after a long touch. */
	#up(event: PointerEvent): void {
		const held = this.#held;
		if (held === null) return;
		this.#stop();
		this.short = !held.ready;
		if (!held.ready) return;
		this.#last = event.timeStamp;
		held.on.click();
	}

	#click(event: MouseEvent): void {
		const on = pressed(event.target);
		const finger = event.isTrusted && event.detail > 0 && (event as Partial<PointerEvent>).pointerType !== "";
		if (on === null || !finger) return;
		const waits = looks.now.hold > 0 && on.closest(AT_ONCE) === null;
		if (this.#refusing || waits) {
			event.preventDefault();
			event.stopImmediatePropagation();
			return;
		}
		this.#last = event.timeStamp;
	}

	#stop(): void {
		if (this.#held === null) return;
		clearTimeout(this.#held.timer);
		delete this.#held.on.dataset.held;
		this.#held = null;
	}
}

/** What would be pressed, of a page's parts under a finger. A field to type in is not. */
function pressed(target: EventTarget | null): HTMLElement | null {
	const found = target instanceof Element ? target.closest(PRESSED) : null;
	if (!(found instanceof HTMLElement)) return null;
	if (found instanceof HTMLLabelElement) {
		const field = found.control;
		const press = field instanceof HTMLInputElement && ["checkbox", "radio", "file"].includes(field.type);
		return press ? found : null;
	}
	return found;
}

export const hands = new Hands();
