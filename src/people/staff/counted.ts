/** A count with its thing: "1 person", "1,200 people". */
export function many(count: number, thing: string, things = `${thing}s`): string {
  return `${count.toLocaleString('en-GB')} ${Number(count) === 1 ? thing : things}`
}
