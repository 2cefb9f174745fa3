// The little that comes first: it asks what a first visit needs, while the app itself is still on its way.

import { askEarly } from "./server/early";

askEarly();
void import("./begin");
