/** What an item or a register holds stands in a header, in writes and in answers to reads: bodies are not recorded, and histories are made of what is. */
export const VALUE_HEADER = 'x-value';
