/* Words: what the element says itself, in English; texts of a server have them in their language as `phrases` (pages/phrase.def). */
export const WORDS = {
  STEP: 'Step {a} of {b}', BACK: 'Back', CONTINUE: 'Continue', SEND: 'Send', OPTIONAL: '(optional)', PROBLEM: 'There is a problem', ERROR: 'Error:', YES: 'Yes', NO: 'No',
  DAY: 'Day', MONTH: 'Month', YEAR: 'Year', CHOOSE: 'Choose one', OTHER: 'In your own words', CODE: 'Enter the code of your answer.', NO_OPTIONS: 'There is nothing to choose from until the questions before are answered.', PLACE: 'Place {a}', ENTRY: 'Entry {a}',
  ADD: 'Add an entry', REMOVE: 'Remove entry {a}', ZONE: 'As the clocks show it in {a}.',
  FILE: 'A file cannot be attached here without script. What is known of the file is sent along as it is.', LATITUDE: 'Latitude', LONGITUDE: 'Longitude',
  ALTITUDE: 'Altitude in metres', ACCURACY: 'Accuracy in metres', CHECK: 'Check your answers', CHANGE: 'Change', NO_ANSWER: 'Not answered', DONE: 'Your answers have been sent',
  REFERENCE: 'Your reference', RECEIVED: 'Received', KEEP: 'Keep the reference. It does not show your answers to anybody.',
  NOT_SENT: 'Your answers could not be sent just now. Nothing is lost: they are kept here and are sent as soon as it is possible.',
  RETIRED: 'This form has changed', CHANGED: 'Please look at your answers again before you send them.', NOT_ASKED: 'No longer asked:', NEWLY_ASKED: 'New:',
  DUPLICATE_TEXT: 'An earlier submission has what may be there only once.', UNAVAILABLE_TEXT: 'Please go back and try again in a moment.',
}
