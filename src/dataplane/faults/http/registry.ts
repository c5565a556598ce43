/** Every http fault, one line each. */
export {};
