export const build = {
	"build.title": "Make a plan",
} as const;
