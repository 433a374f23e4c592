/** Five invented answers that everyone scores first: none is an applicant's. Plain, long, short, angry, off the point. */
export const samples = [
  'I done caretaking 20 years in our block. People tell me things. I would say what they say.',
  'Drawing on extensive stakeholder engagement experience, I would leverage my skills to drive positive outcomes for residents across the sector.',
  'I complain when it is wrong and say so when it is right. My neighbours ask me to write their letters.',
  'They never listen. Six years of damp. I want to tell the Ombudsman to get my money back and sack the manager.',
  'I care for my son, so I can do evenings only. I set up a repairs group with four other mums and we got the lift fixed.',
] as const
