/** Every tcp fault, one line each. */
export {};
