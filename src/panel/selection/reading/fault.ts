/** Something wrong in what an officer gave us: where it is, what it is, and how to mend it. */
export type Fault = { file: string; line?: number; what: string; mend: string }

/** One fault as one sentence a person can act on. */
export function say(fault: Fault): string {
  const where = fault.line ? `${fault.file}, line ${fault.line}` : fault.file
  return `${where}: ${fault.what} ${fault.mend}`
}

/** "line 4", or "line 4 and 12 more" when the same fault stands on many lines. */
export function andMore(count: number): string {
  return count > 1 ? ` (and on ${count - 1} more ${count === 2 ? 'line' : 'lines'})` : ''
}
