alias rm="rm -i"
