"""The API's operations for programs that let a language model choose what to call: the Model Context Protocol."""
