/**
 * The data of your own events, by type. Empty, and filled by module augmentation: by hand, or by the command `heliograph-types`.
 *
 *     declare module "@heliograph/client" {
 *       interface CustomEvents {
 *         "order:shipped": { readonly orderId: number };
 *       }
 *     }
 *
 * The client does not compare the data with these types; the server does where the type has a schema (`PUT /v1/event-types/{type}`).
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- declarations elsewhere are merged with it
export interface CustomEvents {}
