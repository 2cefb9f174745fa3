// What the app says, in English: one file for each screen. Texts about doses and danger come with the packet, from the server.

import { account } from "./account";
import { box } from "./box";
import { build } from "./build";
import { checkin } from "./checkin";
import { danger } from "./danger";
import { history } from "./history";
import { insight } from "./insight";
import { learn } from "./learn";
import { lock } from "./lock";
import { more } from "./more";
import { now } from "./now";
import { papers } from "./papers";
import { people } from "./people";
import { pieces } from "./pieces";
import { plan } from "./plan";
import { settings } from "./settings";
import { shell } from "./shell";
import { signin } from "./signin";
import { stairs } from "./stairs";
import { welcome } from "./welcome";

export const english = {
	...account,
	...box,
	...build,
	...checkin,
	...danger,
	...history,
	...insight,
	...learn,
	...lock,
	...more,
	...now,
	...papers,
	...people,
	...pieces,
	...plan,
	...settings,
	...shell,
	...signin,
	...stairs,
	...welcome,
} as const;
