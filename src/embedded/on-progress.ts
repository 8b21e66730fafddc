/** Receives a line for the person who waits while a server is installed or started. */
export type OnProgress = (line: string) => void;
