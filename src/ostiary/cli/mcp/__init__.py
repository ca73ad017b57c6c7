"""`ostiary mcp`: the API's operations for programs that let a language model choose what to call."""
