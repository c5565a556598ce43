/** Every topology fault, one line each. */
export {};
