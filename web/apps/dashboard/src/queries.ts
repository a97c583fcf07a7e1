import { ApiProblem } from "@heliograph/client";
import { QueryClient } from "@tanstack/react-query";

/** The cache of what the server sent. What failed is asked for twice more; an answer such as 404 stays the same. */
export function createQueries(): QueryClient {
  const isFinal = (error: Error) => error instanceof ApiProblem && error.status < 500 && error.status !== 429;
  return new QueryClient({ defaultOptions: { queries: { retry: (failures, error) => failures < 2 && !isFinal(error) } } });
}
