/** The mock was used in a way that it cannot serve, or it ended. */
export class MockBackendError extends Error {
  override readonly name = "MockBackendError";
}
