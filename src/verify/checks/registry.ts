/** Every check, one line each. */
export {};
