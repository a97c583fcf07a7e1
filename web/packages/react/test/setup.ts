import { configure } from "@testing-library/react";

// The bound of a wait that has failed: a busy machine may take seconds.
configure({ asyncUtilTimeout: 20_000 });
