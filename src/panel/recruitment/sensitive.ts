/** What free text may give away, and what the page then offers. */
export type Sensitive = 'health' | 'ethnicity' | 'belief' | 'complaint'

const peoples =
  'black|asian|white|mixed[- ]race|arab|african|caribbean|jamaican|nigerian|ghanaian|bangladeshi|pakistani|indian|chinese|somali|roma|gypsy|traveller|irish|polish|romanian|turkish|kurdish|jewish|bengali'
const countries =
  'bangladesh|pakistan|india|somalia|nigeria|ghana|jamaica|poland|romania|ireland|china|turkey|syria|iraq|iran|afghanistan|ukraine|eritrea|ethiopia|sudan|zimbabwe|congo|kenya|sri lanka|the caribbean|africa|asia'
const I_AM = "(i am|i'm|i’m|im|we are|we're|we’re)"

// Short lists of whole words: a miss costs nothing (nothing is blocked), a false alarm costs the reader a page.
const signs: { [kind in Sensitive]: readonly string[] } = {
  health: [
    `disab(led|ility|ilities)`,
    `(?<!(on|to|turn(s|ed|ing)? a) )deaf(ness|blind)?`,
    `hard of hearing|hearing (loss|aids?|impair\\w+)|lip[- ]?read\\w*|tinnitus`,
    `(${I_AM}|registered|partially|who is|legally) blind|sight loss|partially sighted|visual(ly)? impair\\w+|guide dog`,
    `wheelchair|mobility scooter|walking (stick|frame|aid)|crutches|blue badge|housebound|stairlift`,
    `(can ?not|can['’]?t|unable to|struggle to) (walk|stand (up|for)|climb|concentrate|read (small )?print|hear (well|people))`,
    `find it (hard|difficult) to (walk|hear|read|stand|concentrate)`,
    `autis(m|tic)|asperger\\w*|adhd|dyslexi[ac]|dyspraxi[ac]|neurodiver(se|gent)|learning (disab\\w+|difficult\\w+)|special needs`,
    `depress(ed|ion)|anxiety|ptsd|ocd|bipolar|schizophreni[ac]|panic attacks?|mental(ly)? (health|ill|illness)|(nervous )?breakdown|self[- ]harm`,
    `cancer|chemo(therapy)?|diabet(es|ic)|epilep(sy|tic)|arthritis|fibromyalgia|asthma(tic)?|copd|multiple sclerosis|parkinson\\w*|dementia|alzheimer\\w*|lupus|crohn\\w*|sickle cell|hiv|dialysis|stoma`,
    `(a|my|had|two|three) strokes?(?! of)|heart (attack|condition|failure|problems?)|long covid|me/cfs`,
    `chronic (pain|illness|fatigue|condition)|long[- ]term (illness|condition|sick)|pregnant`,
    `carer for my (disabled|ill|sick|autistic)|bsl|british sign language|sign language`,
    `my (illness|condition|medication|diagnosis|consultant|health (is|was|has|condition|problems?|issues?))|bad (back|hip|knees?|lungs)`,
    `(i (have|had|suffer from)|diagnosed with) (ms|cfs|copd|a (condition|disability)|depression)`,
    `(receive|get|claim|on) (pip|dla|attendance allowance)`,
  ],
  ethnicity: [
    `as an? (${peoples}) (man|woman|person|tenant|resident|mother|father|mum|dad|family)`,
    `${I_AM} (an? )?(${peoples})(?! (house|home|member|company))`,
    `my ethnic(ity| group| background)|ethnic minority|minority ethnic|bame|romany|windrush`,
    `(my (family|parents) (is|are|came|come)|i (came|come)|${I_AM}) (originally )?from (${countries})`,
  ],
  belief: [
    `${I_AM} (an? )?(practi[sc]ing )?(muslim|christian|catholic|hindu|sikh|buddhist|atheist|jew|gay|lesbian|bisexual|queer|transgender|trans)`,
    `as an? (muslim|christian|catholic|hindu|sikh|buddhist|gay|lesbian|bisexual|trans)`,
    `my (religion|faith|wife and i are both women|sexual(ity| orientation))`,
  ],
  complaint: [
    `my (open |ongoing |current |formal |stage (one|two|1|2) )?complaint|stage (one|two|1|2) complaint`,
    `complaint (reference|number)|case (reference|number)|ombudsman case|disrepair claim`,
    `my landlord (has|have|will|would|did|does|do)(n['’]?t| not)? (fix|fixed|repair|repaired|reply|replied|answer|answered|ignored?)`,
    `(they|landlord|council) (won['’]?t|refuses? to|keeps? refusing to) (fix|repair|reply|answer|help)`,
    `still (not|hasn['’]?t been) (fixed|repaired|done)|damp and mou?ld in my|owes? me compensation`,
  ],
}

const kinds: readonly Sensitive[] = ['health', 'ethnicity', 'belief', 'complaint']
const patterns = Object.fromEntries(
  kinds.map(kind => [kind, signs[kind].map(sign => new RegExp(`(?<![\\p{L}\\d])(?:${sign})(?![\\p{L}\\d])`, 'iu'))]),
) as { [kind in Sensitive]: RegExp[] }

/** The kinds of sensitive matter that a text seems to hold. */
export function sensitiveIn(text: string): Sensitive[] {
  return kinds.filter(kind => tells(text, kind))
}

/** Whether answers seem to hold special-category data: they are marked, and readers are told that it is no reason. */
export function isMarked(texts: readonly string[]): boolean {
  return texts.flatMap(sensitiveIn).some(kind => kind !== 'complaint')
}

/** The sentences of a text that seem to tell of something. */
export function sentencesOn(text: string, kind: Sensitive): string[] {
  return sentences(text)
    .filter(one => tells(one, kind))
    .map(one => one.trim())
}

/** A text without the sentences that seem to tell of something. */
export function without(text: string, kind: Sensitive): string {
  return sentences(text)
    .filter(one => !tells(one, kind))
    .join('')
    .trim()
}

function tells(text: string, kind: Sensitive): boolean {
  return patterns[kind].some(sign => sign.test(text))
}

const segmenter = new Intl.Segmenter('en-GB', { granularity: 'sentence' })

function sentences(text: string): string[] {
  return [...segmenter.segment(text)].map(one => one.segment)
}
