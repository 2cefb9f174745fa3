// What of the library is used here; it brings no types of its own.
declare module "gettext-parser" {
	interface Text {
		msgid: string;
		msgid_plural?: string;
		msgstr: string[];
		comments?: { extracted?: string; flag?: string };
	}
	export const po: {
		parse(
			data: Uint8Array,
			options: { defaultCharset: string },
		): { translations: Record<string, Record<string, Text>> };
	};
}
