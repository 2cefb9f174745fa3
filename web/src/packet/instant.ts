// Instants are UTC texts of one shape, 2026-12-01T08:05:00Z: they compare as texts.

/** The instant of a Date, to the second. */
export function instant(date: Date): string {
	return `${date.toISOString().slice(0, 19)}Z`;
}

/** An instant so many seconds later. */
export function plus(at: string, seconds: number): string {
	return instant(new Date(Date.parse(at) + seconds * 1000));
}

/** The day so many days before, of a calendar and without a zone. */
export function dayBefore(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

/** The later of two instants. */
export function later(one: string, other: string): string {
	return [one, other].toSorted().at(-1) ?? one;
}
