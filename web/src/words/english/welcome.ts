export const welcome = {
	"welcome.title": "Welcome",
	"welcome.begin": "Nothing is here yet",
	"welcome.begin-plan-what": "Type in the plan from your paper. Then this screen says what to take, and when.",
	"welcome.begin-plan": "Begin with my plan",
	"welcome.begin-other": "As soon as a plan is approved, this screen says what to take, and when.",
	"welcome.begin-example-what":
		"Or look around first, with twelve weeks of a made-up person. You can throw them away afterwards.",
	"welcome.begin-example": "Try it with an example",
	"welcome.unreachable": "There is no connection to the server. Try again when there is one.",
} as const;
