import { serveTabs } from "@heliograph/client/worker";

serveTabs();
