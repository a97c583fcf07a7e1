import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// The bound of a wait that has failed: a busy machine may take seconds.
configure({ asyncUtilTimeout: 20_000 });

afterEach(cleanup);
