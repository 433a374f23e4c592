/** What people are called for short where it is not the beginning of the name, the long names after it. */
const called: Record<string, string> = {
  bill: 'william',
  billy: 'william',
  liam: 'william',
  bob: 'robert',
  bobby: 'robert',
  rob: 'robert',
  dick: 'richard',
  rick: 'richard',
  ted: 'edward theodore',
  ned: 'edward',
  jim: 'james',
  jimmy: 'james',
  jack: 'john',
  johnny: 'john jonathan',
  harry: 'henry harold',
  hal: 'henry harold',
  tony: 'anthony antony',
  andy: 'andrew andrea',
  drew: 'andrew',
  mike: 'michael',
  mick: 'michael',
  steve: 'stephen steven',
  dave: 'david',
  pete: 'peter',
  geoff: 'geoffrey',
  chuck: 'charles',
  charlie: 'charles charlotte',
  sandy: 'alexander alexandra',
  mo: 'mohammed mohamed muhammad maureen',
  liz: 'elizabeth',
  lizzie: 'elizabeth',
  beth: 'elizabeth bethany',
  betty: 'elizabeth',
  bess: 'elizabeth',
  peggy: 'margaret',
  maggie: 'margaret',
  meg: 'margaret megan',
  rita: 'margaret',
  kate: 'katherine catherine kathryn kathleen',
  katie: 'katherine catherine kathryn kathleen',
  kathy: 'katherine catherine kathleen',
  kitty: 'katherine catherine',
  sally: 'sarah',
  sadie: 'sarah',
  molly: 'mary margaret',
  polly: 'mary',
  nell: 'eleanor helen ellen',
  nora: 'eleanor honora',
  annie: 'anne ann anna',
  nancy: 'anne ann',
  jenny: 'jennifer',
  debbie: 'deborah debra',
  becky: 'rebecca',
  trish: 'patricia',
  paddy: 'patrick patricia',
  terry: 'terence theresa teresa',
  tess: 'theresa teresa',
  gerry: 'gerald geraldine gerard',
  baz: 'barry',
  bazza: 'barry',
  gaz: 'gary gareth',
  gazza: 'gary gareth',
  daz: 'darren',
  shaz: 'sharon',
  kez: 'kerry',
}
/** Beginnings of names that are words: no nicknames. */
const plainWords = new Set(
  'the and for are but not you all any can her his one our out she him its man men who how'.split(' '),
)

/** How someone with these names may be called for short: table and beginnings. */
export function shortNamesOf(names: ReadonlySet<string>): { has(name: string): boolean } {
  return {
    has: name => {
      if (called[name]?.split(' ').some(long => names.has(long))) return true
      if (name.length < 3 || plainWords.has(name)) return false
      const stem = name.replace(/(?:ie|y)$/, '')
      return [...names].some(
        long => long.length > 4 && (long.startsWith(name) || (stem.length > 2 && long.startsWith(stem))),
      )
    },
  }
}
