export const learn = {
	"learn.title": "Learn",
} as const;
