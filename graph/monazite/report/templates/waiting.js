setTimeout(() => location.reload(), 1000); // a refresh of an address with a hash would load nothing
