export const box = {
	"box.title": "The box",
	"box.amount-ml": "{ml} of {name}",
	"box.amount-none": "no tablets of {name}",
	"box.amount-one": "{count} tablet of {name}",
	"box.amount-many": "{count} tablets of {name}",
} as const;
