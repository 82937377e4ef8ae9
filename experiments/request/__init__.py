"""What is asked: words, composition by Hydra, designs, files of others, and the request that they make."""
