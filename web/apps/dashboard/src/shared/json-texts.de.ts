export const german = {
  fault: (line: number, problem: string) => `Zeile ${line}: ${problem}.`,
  behindEnd: "nach dem Ende des JSON folgt noch etwas",
  tooDeep: (levels: number) => `mehr als ${levels} Ebenen sind verschachtelt`,
  keyExpected: "ein Schlüssel in doppelten Anführungszeichen wird erwartet",
  keyTwice: (key: string) => `der Schlüssel ${key} kommt zweimal vor`,
  colonExpected: (key: string) => `nach dem Schlüssel ${key} wird ein Doppelpunkt erwartet`,
  commaOrBrace: "ein Komma oder } wird erwartet",
  commaOrBracket: "ein Komma oder ] wird erwartet",
  textFault: "dieser Text hat kein Ende oder enthält ein Zeichen oder eine Escape-Folge, die es in JSON nicht gibt",
  valueExpected: "ein Wert wird erwartet",
  numberChanges: (number: string, becomes: string) => `aus der Zahl ${number} würde ${becomes}. Schreiben Sie sie als Text, in doppelten Anführungszeichen`,
  numberTooLarge: (number: string) => `die Zahl ${number} ist zu groß. Schreiben Sie sie als Text, in doppelten Anführungszeichen`,
};
