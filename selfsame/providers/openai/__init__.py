"""Any server that speaks OpenAI's chat protocol: OpenAI, Groq, vLLM, Ollama, llama.cpp and others."""

from selfsame.providers.openai.chat import ChatServer, OpenAIChat

__all__ = ["ChatServer", "OpenAIChat"]
