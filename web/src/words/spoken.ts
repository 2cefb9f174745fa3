// Which language is spoken, without its words: for who only has to name it to the server.

let language = "en";

/** The language that is spoken, as a tag. */
export function spoken(): string {
	return language;
}

/** It is another from now on; `speak` says so, once it has the words. */
export function spokenNow(tag: string): void {
	language = tag;
}
