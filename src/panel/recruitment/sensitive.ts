/** What free text may give away, and what the page then offers. */
export type Sensitive = 'health' | 'ethnicity' | 'complaint'

// Short lists of whole words: a miss costs nothing (nothing is blocked), a false alarm costs the reader a page.
const signs: { [kind in Sensitive]: RegExp } = {
  health:
    /\b(disab(led|ility|ilities)|deaf|deafness|hearing (loss|aids?)|(i am|i'm|i’m|registered|partially|who is) blind|sight loss|visually impaired|wheelchair|autis(m|tic)|adhd|dyslexi[ac]|dyspraxi[ac]|depress(ed|ion)|anxiety|ptsd|bipolar|schizophreni[ac]|mental (health|illness)|cancer|chemo(therapy)?|diabet(es|ic)|epilep(sy|tic)|arthritis|fibromyalgia|asthma|copd|multiple sclerosis|dementia|stroke|chronic (pain|illness|fatigue)|long[- ]term (illness|condition)|carer for my (disabled|ill)|bsl|my (illness|condition|medication|diagnosis))\b/i,
  ethnicity:
    /\b(as an? (black|asian|white|mixed[- ]race|arab|african|caribbean|bangladeshi|pakistani|indian|chinese|somali|roma|gypsy|traveller|irish|polish|jewish) (man|woman|person|tenant|resident|mother|father|family)|i am (black|asian|white|mixed[- ]race|arab|african|caribbean|bangladeshi|pakistani|indian|chinese|somali|roma|jewish)|my ethnic(ity| group| background)|ethnic minority|bame|romany)\b/i,
  complaint:
    /\b(my (open |ongoing |current )?complaint|complaint (reference|number)|case (reference|number)|disrepair claim|my landlord (has|have|will|would|did|does|do)(n'?t| not)? (fix|fixed|repair|repaired|reply|replied|answer|answered|ignored?)|still (not|hasn'?t been) (fixed|repaired)|damp and mould in my)\b/i,
}

/** The kinds of sensitive matter that a text seems to hold. */
export function sensitiveIn(text: string): Sensitive[] {
  const kinds: Sensitive[] = ['health', 'ethnicity', 'complaint']
  return kinds.filter(kind => signs[kind].test(text))
}
