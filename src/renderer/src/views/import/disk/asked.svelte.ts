/** A command asks for what the project takes on the disk: the card comes into sight and clears it. */
export const disk = $state({ asked: false })
