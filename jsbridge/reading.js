// @ts-check

// What becomes of a message: bsock.Reading, in its order.

export const READ_DONE = 0;
export const READ_KEPT = 1;
export const READ_MORE = 2;
export const READ_WAITING = 3;
export const READ_BASE64 = 4;
